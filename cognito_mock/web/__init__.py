"""What the HTTP protocols share: origin, bodies, headers, cookies, the page frame."""
