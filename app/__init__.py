"""The station and the command line: Qt on top of gazecore."""
