"""What a connector's author tests with: vendor sandboxes, their bad days, streams driven alone, a fictional company."""
