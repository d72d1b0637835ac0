"""What an attacker would send: texts and files that cost more than they are worth."""
