"""Server-rendered pages: no script, strict content security policy, readable on a phone and with a screen reader."""
