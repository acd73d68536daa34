"""PostgreSQL as Django knows it, but for what is said in `base`; settings name this package as the engine."""
