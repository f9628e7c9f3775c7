"""Charts, one file each: ``draw(result, ax=None)``, ``table(result)``, ``describe(result)``.

=====================  ============================================================
caterpillar            satisfaction of every unit with its interval and the bar
waterfall              dissatisfaction from the floor over the dimensions to its rate
dimension_map          branches by dimensions against the university
branch_dimensions      one branch against the university
item_bars              answers to every item, diverging from the neutral level
item_forest            dissatisfaction that goes with every item
response_rates         answers received against people on the roster
nonresponse            what the silent could change
funnel                 rates against the number of answers, with control limits
ranks                  ranks with intervals
roles                  satisfaction by role
changes                change between two waves
planning_curve         answers needed to be able to pass
reliability            reliability of the dimensions
=====================  ============================================================

Import a chart by its module: ``from survey.charts import caterpillar``. Charts of many rows also
have ``pages(result)``. Beside them: `palette` (colours), `style` (font, sizes, figures), `layout`
(rows), `groups` (rows under headings), `marks` (dots, lines, scales), `labels` (texts), `hints`
(what a page shows under the pointer), `tables`, `fonts` (the Chinese font), `recording` (a
figure drawn once) and `pictures` (its SVG and PNG).
"""
