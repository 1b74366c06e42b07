"""What tests, screenshots and measurements share: a PostgreSQL of their own, a browser, a running server."""
