"""Operations: plan of action, membership, targets."""
