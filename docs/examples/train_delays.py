"""Who will be late? From three tables to a model and its ROC curve, by plain ADBC.

Run ./sluice demo once, then ./sluice serve --data-dir .sluice/demo, and this with the address it prints:
.venv/bin/python docs/examples/train_delays.py grpc://127.0.0.1:31337
"""
import sys
import adbc_driver_flightsql.dbapi as flight_sql
import matplotlib.pyplot as plt
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import RocCurveDisplay

with flight_sql.connect(sys.argv[1], autocommit=True) as connection, connection.cursor() as cursor:
    def read(sql):
        return cursor.execute(sql).fetch_df()
    print(read(open(__file__.replace(".py", ".sql")).read()).iloc[0])
    train, test = (read(f"SELECT * FROM late_flights$transformed WHERE split = '{split}'")
                   for split in ("train", "test"))
features = train.columns.difference(["flight_id", "sched_dep_ts", "late", "split"])
model = HistGradientBoostingClassifier(random_state=0).fit(train[features], train["late"])
RocCurveDisplay.from_estimator(model, test[features], test["late"], plot_chance_level=True)
plt.savefig("late_flights.png"), plt.show()
