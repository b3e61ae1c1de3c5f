"""What all forges on git share: shapes that are checked, diffs and patches, the reading of commits. No repository."""
