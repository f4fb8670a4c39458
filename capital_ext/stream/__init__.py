"""Live prices over the WebSocket API: quotes and candles that keep flowing, or say so when they can't."""
