select awaits, count(*) as items from item where awaits is not null group by awaits
