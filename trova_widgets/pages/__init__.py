"""The pages of the dashboard, and the application that holds them."""
