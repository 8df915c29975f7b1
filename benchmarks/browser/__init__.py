"""Time from question to rendered answer in Chromium, at rest and while files are being ingested."""
