INSERT INTO orders VALUES (1, 'mug', 1, 5.00, '2025-07-21');
