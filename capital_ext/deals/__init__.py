"""Trading with the outcome known: send, follow the confirmation, and look up what was lost."""

from .desk import AsyncDeals, Deals
from .problems import Problem, Proposal, find_problems

__all__ = ["AsyncDeals", "Deals", "Problem", "Proposal", "find_problems"]
