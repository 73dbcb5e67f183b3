-- The digests of an inventory before version 6 in the form of that version, for readers, and for the step to it.
-- A detector goes by the number of its first kind: where it has digests in an object, it has findings there.
CREATE TEMP VIEW detector AS
    SELECT min(id) AS number, detector AS id FROM main.kind GROUP BY detector;

-- A number has seven bits a byte, the lowest first, the top bit set where more follow. There are less than 2^14
-- detectors, and at most 2^22 digests of one in an object. Both aggregates take the detectors in one order.
CREATE TEMP VIEW digest AS
    WITH part AS (
        SELECT object_id, digests, length(digests) / 8 AS held,
            (SELECT min(id) FROM main.kind WHERE detector = d.detector) AS number
        FROM main.digest d)
    SELECT object_id,
        unhex(group_concat(
            CASE WHEN number < 128 THEN format('%02x', number)
                ELSE format('%02x%02x', number & 127 | 128, number >> 7) END
            || CASE WHEN held < 128 THEN format('%02x', held)
                WHEN held < 16384 THEN format('%02x%02x', held & 127 | 128, held >> 7)
                WHEN held < 2097152 THEN
                    format('%02x%02x%02x', held & 127 | 128, held >> 7 & 127 | 128, held >> 14)
                ELSE format('%02x%02x%02x%02x', held & 127 | 128, held >> 7 & 127 | 128,
                    held >> 14 & 127 | 128, held >> 21) END, '')) AS detectors,
        CAST(group_concat(digests, '') AS BLOB) AS digests
    FROM part GROUP BY object_id;
