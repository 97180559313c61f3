"""The demo company: real order data, loaded through the same services as any shop's."""
