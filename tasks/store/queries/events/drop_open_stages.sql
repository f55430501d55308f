-- A merged event is told under the other's name only.
delete from event_stage where event_id = %(event_id)s and decision is null
