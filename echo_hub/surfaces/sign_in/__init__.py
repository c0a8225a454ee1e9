"""Development sign-in: whoever is at this machine says whom they act as. On loopback only, and every page says so."""
