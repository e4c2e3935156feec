"""Importing projects from CSV and XLSX: read, plan row by row, then apply all or nothing.

`reading` turns a file into rows of text, `fields` turns texts into a project's facts, `plan` says what would happen to
each row, `projects.actions.importing` makes it happen.
"""
