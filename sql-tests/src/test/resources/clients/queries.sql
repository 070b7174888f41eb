-- One query a paragraph; JDBC, ADBC, plain Flight and DuckDB give the same rows, whatever their order.
SELECT * FROM client_people;

SELECT COUNT(*) AS n, COUNT(name) AS named, SUM(id) AS ids, MIN(joined) AS first, MAX(seen) AS last FROM client_people;

SELECT team, COUNT(*) AS n, SUM(paid) AS paid, AVG(score) AS score FROM client_people GROUP BY team;

SELECT p.id, p.name, t.title FROM client_people p JOIN client_teams t ON p.team = t.team WHERE p.id < 40;

SELECT p.team, t.title, COUNT(*) AS n FROM client_people p LEFT JOIN client_teams t ON p.team = t.team GROUP BY p.team, t.title;

SELECT id, name FROM client_people WHERE name IS NULL OR name LIKE 'name1_' ORDER BY id;

SELECT id, score * 2 AS twice, CASE WHEN active THEN 'yes' ELSE 'no' END AS answer FROM client_people WHERE score BETWEEN 3 AND 5;

SELECT DISTINCT team, active FROM client_people;

SELECT id FROM client_people WHERE team IN (SELECT team FROM client_teams WHERE title > 'team 2') AND id < 30;

SELECT id, seen FROM client_people WHERE seen > TIMESTAMP '2020-01-20 12:00:00' AND joined < DATE '2021-05-01';

WITH best AS (SELECT team, MAX(score) AS score FROM client_people GROUP BY team)
SELECT p.id, p.team, p.score FROM client_people p JOIN best b ON p.team = b.team AND p.score = b.score;

SELECT id FROM client_people WHERE id < 3 UNION ALL SELECT CAST(team AS BIGINT) FROM client_teams;

SELECT id, paid FROM client_people ORDER BY paid DESC, id LIMIT 7;

SELECT COUNT(*) AS n FROM client_people WHERE id < 0;
