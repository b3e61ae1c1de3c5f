"""Tests of the governance record as web pages, and of the calendars beside it."""
