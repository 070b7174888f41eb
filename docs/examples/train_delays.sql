CREATE TRAINING DATASET late_flights
  KEY (flight_id) OBSERVED AT sched_dep_ts LABEL (late)
  SPLIT BY TIME (train UNTIL TIMESTAMP '2013-10-01 00:00:00Z', test) GAP INTERVAL '1' DAY
  FIT ON train (label_encode(origin), label_encode(carrier), standardize(distance),
                impute(temp, 'median'), impute(wind_speed, 'median'), impute(seats, 'median'))
  AS SELECT f.flight_id, f.sched_dep_ts, f.origin, f.carrier, f.distance, f.hour, p.seats,
            w.temp, w.wind_speed, w.precip, w.visib, f.dep_delay > 15 AS late
  FROM departures f
  LEFT ASOF JOIN readings w
    MATCH_CONDITION (w.at + INTERVAL '1' HOUR <= f.sched_dep_ts
                     AND w.at > f.sched_dep_ts - INTERVAL '6' HOUR)
    ON w.origin = f.origin
  LEFT JOIN planes p ON p.tailnum = f.tailnum
  WHERE f.dep_delay IS NOT NULL
