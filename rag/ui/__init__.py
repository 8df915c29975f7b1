"""The browser application: one module a page, and the components they share."""
