"""Several years of one model: timelines, and which counties their years compare over."""
