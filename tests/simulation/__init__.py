"""The whole bot for thirty days under a virtual clock and a seed, with everything that can go wrong going wrong."""
