"""Where codes and links go beyond the inbox, which has every message anyway."""
