"""Tests of single adapters: what their port suites cannot say."""
