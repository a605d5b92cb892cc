"""The portal's pages: the services of the REST API, shown as HTML that can be read without JavaScript."""
