-- What version 1 can hold: histories in which the analyst and the latest counts, two attempts at a trial, hostile text.
INSERT INTO change VALUES (make_timestamp_ns(1), 'events');
INSERT INTO event VALUES
  ('e0', make_timestamp_ns(1600000000123456789), 67.5, 33.4, 9.5, 1.7, 'ml', 'earthquake', 'catalog.xml'),
  ('e1', NULL, NULL, NULL, NULL, NULL, NULL, 'quarry blast', 'O''Brien; -- "catalogue"');
INSERT INTO label VALUES
  ('e0', 'quarry_blast', 'trova', make_timestamp_ns(1), 'quarry blast'),
  ('e0', 'earthquake', 'ann', make_timestamp_ns(2), 'S is clear');
INSERT INTO record VALUES
  ('r0', 'e0', 'IM', 'APA', '', 'BHZ', make_timestamp_ns(1600000000000000001), 100, 15000, 'aa', 'aa/aa.mseed', 0),
  ('r1', 'e0', 'IM', 'LVZ', '', 'BHZ', make_timestamp_ns(1600000000000000002), 40, 6000, 'bb', 'bb/bb.mseed', 0),
  ('r2', NULL, 'IM', 'APA', '00', 'BHN', make_timestamp_ns(1600000000000000003), 100, 15000, 'aa', 'aa/aa.mseed', 1);
INSERT INTO parameter VALUES
  ('r0', 'snr_db', 3.5, 'found', 'trova', make_timestamp_ns(1)),
  ('r0', 'snr_db', 4.5, 'found', 'trova', make_timestamp_ns(3)),
  ('r0', 'onset_s', 30, 'analyst', 'ann', make_timestamp_ns(2)),
  ('r0', 'onset_s', 31, 'found', 'trova', make_timestamp_ns(3)),
  ('r1', 'onset_s', 12.25, 'found', 'trova', make_timestamp_ns(1));
INSERT INTO recipe VALUES ('recipe', 'first', '{"size": 64}', make_timestamp_ns(4));
INSERT INTO default_recipe VALUES ('recipe', make_timestamp_ns(4));
INSERT INTO fingerprint SELECT 'f' || i, 'r' || i, 'recipe', 0, 2.5, 64, repeat('\x0F', 512)::BLOB FROM range(2) t(i);
INSERT INTO dataset VALUES
  ('d0', 'first', 'recipe', '["earthquake", "quarry_blast"]', '{"seed": 1}', make_timestamp_ns(5));
INSERT INTO dataset_member VALUES ('d0', 0, 'r0', 'e0', 'earthquake', 'training', 'f0', 0);
INSERT INTO network_type VALUES ('CNN', 'Convolutional network', 'It looks at squares.');
INSERT INTO architecture VALUES ('CNN', 'two-cycle', 'Two cycles', '[]');
INSERT INTO layer_parameter VALUES ('CNN', 'two-cycle', 'convolution2dLayer_2_filterSize', 'convolution2dLayer', 2,
  'filterSize', '5', 'integer', 1, 64, '[]', 'size of the kernel', NULL);
INSERT INTO network VALUES
  ('n0', 'base', 'CNN', 'two-cycle', '{"convolution2dLayer_2_filterSize": 5}', NULL, NULL, make_timestamp_ns(6));
INSERT INTO experiment VALUES
  ('x0', 'experiment 1', 'n0', 'd0', '{"axes": {}}', 'finished', make_timestamp_ns(7));
INSERT INTO planned_trial VALUES ('x0', 't0', 0, 7, '{"convolution2dLayer_2_filterSize": 2}');
INSERT INTO trial VALUES
  ('t0', 1, 'failed', NULL, NULL, '{}', '[]', '{}', '{}', NULL, 1.5, 7, '{}', '{}', 'It did not converge.',
      make_timestamp_ns(8)),
  ('t0', 2, 'finished', 0.9, 0.25, '{"validation": 0.9}', '[[5, 1], [0, 4]]', '{"loss": [1.0, null]}', '{}', 1234,
      1.5, 7, '{}', '{"torch": "2.9"}', NULL, make_timestamp_ns(9));
INSERT INTO annotation VALUES ('t0', 'Look again.', 'ann', make_timestamp_ns(10));
