"""Histories of any length: candles of a market, activity and transactions of an account."""
