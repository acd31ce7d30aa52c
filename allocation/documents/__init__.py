"""Letters and reports in Word."""
