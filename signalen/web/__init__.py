"""What every page needs: sessions, guards, forms, languages, fragments. Knows no domain."""
