-- Schema 3: findings about several accounts carry one number (contract.md section 2, `group`); 0: none.
ALTER TABLE hit ADD COLUMN group_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alert ADD COLUMN group_id INTEGER NOT NULL DEFAULT 0;
