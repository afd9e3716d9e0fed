"""Gemini's `generateContent` wire, answering from scripts."""
