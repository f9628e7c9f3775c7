"""What a computer without the registry needs: all wheels in one zip, with a starter."""
