"""What parts of the day and meals are called in English, by their name in `Conventions.parts`."""

# Data: phrases stay on one line with what they mean.

from __future__ import annotations

ENGLISH_PARTS = {
    "morning": "morning; mornings; morn; forenoon; before noon; morning hours",
    "early_morning": "early morning; early mornings; early hours; early in the day; crack of dawn",
    "late_morning": "late morning",
    "mid_morning": "mid morning; mid - morning; midmorning",
    "day": "daytime; day time; business hours; business hour; working hours; office hours; "
    "work hours",
    "early_afternoon": "early afternoon",
    "afternoon": "afternoon; afternoons; after noon; arvo",
    "mid_afternoon": "mid afternoon; mid - afternoon; midafternoon",
    "late_afternoon": "late afternoon",
    "teatime": "teatime; tea time",
    "breakfast": "breakfast time; breakfasttime",
    "lunch": "lunchtime; lunch time; lunch hour; lunch - time",
    "dinner": "dinnertime; dinner time; suppertime; supper time",
    "early_evening": "early evening",
    "evening": "evening; evenings; eve; evng",
    "late_evening": "late evening",
    "night": "night; nights; nighttime; night time; night - time; bedtime; bed time; overnight",
    "late_night": "late night; late at night; late in the night; late nights",
    "after_work": "after work; after - work; after hours",
    "after_lunch": "after lunch; after lunchtime",
    "after_school": "after school",
    "end_of_day": "end of day; eod; end of the day; cob; eob; close of business; "
    "end of business; end of business day; the eod",
}
ENGLISH_MEALS = {
    "breakfast": "breakfast",
    "brunch": "brunch",
    "lunch": "lunch; midday meal; luncheon",
    "dinner": "dinner; supper",
}
