"""The peer's SQL from cleaned entities to core/coils and mart/coil_yields, by METHODS' mass balance."""

from schemas.mart.coil_yields import NO_QUALITY
from schemas.mart.yield_ledger import NO_MASS_IN, NO_MASS_OUT, NO_WORK

MEANINGS = """
create temp table meanings as
select quality_code, quality, valid_from_at,
    least(valid_to_at, lead(valid_from_at) over same_code) as valid_to_at
from quality_codes window same_code as (partition by quality_code order by valid_from_at)
"""

COILS = """
create temp table core_coils as
select coil_id, c.production_day, c.line, c.shift, c.coiled_at, c.rolling_started_at, slab_id, s.heat_id,
    s.strand, s.furnace, c.coiler, c.campaign, c.sequence_no, c.order_id, o.customer,
    coalesce(c.grade, h.grade, o.grade) as grade, h.grade_family, c.thickness_mm, c.width_mm, c.length_m,
    c.mass_t, s.mass_t as slab_mass_t, c.head_crop_mass_t, c.tail_crop_mass_t, c.target_thickness_mm,
    c.target_width_mm, c.quality_code, m.quality
from coils c
left join slabs s using (slab_id)
left join heats h on h.heat_id = s.heat_id
left join orders o on o.order_id = c.order_id
left join meanings m on m.quality_code = c.quality_code
    and m.valid_from_at <= c.coiled_at and (m.valid_to_at is null or c.coiled_at < m.valid_to_at)
"""

PARENTS = """
create temp table parents as
with gave as (
    select line, piece_id, finished_at, parent_id,
        sum((piece_to_m - piece_from_m) * thickness_mm * width_mm) as gave
    from welds group by all
)
select * exclude (gave), gave / sum(gave) over (partition by line, piece_id, finished_at) as share from gave
"""

PIECES = """
create temp table pieces as
with every as (
    select line, production_day, 'rolling' as operation, coil_id as material_id, slab_id as parent_id,
        'slab' as made_of, coiled_at as made_at, mass_t, order_id, shift, grade, thickness_mm, width_mm,
        length_m, quality, head_crop_mass_t, tail_crop_mass_t
    from core_coils
    union all by name
    select line, production_day, operation, piece_id as material_id,
        coalesce(parents.parent_id, cuts.parent_id) as parent_id, 'coil' as made_of, finished_at as made_at,
        mass_t * coalesce(share, 1) as mass_t, order_id, shift, grade, thickness_mm, width_mm,
        length_m * coalesce(share, 1) as length_m, quality
    from cuts left join parents using (line, piece_id, finished_at)
    left join meanings m on m.quality_code = cuts.quality_code
        and m.valid_from_at <= finished_at and (m.valid_to_at is null or finished_at < m.valid_to_at)
)
select *, coalesce(parent_id, material_id) as piece_id,
    case quality when 'scrap' then 'scrapped' else coalesce(quality, 'ungraded') end as account,
    thickness_mm * width_mm * length_m * 7.85e-6 as theoretical_t
from every
"""

# A weighing names the piece that went in or one that came out, and is of the work of its day, else of the day
# before, else of the day after.
SCRAP_OF_WORKS = """
create temp table scrap_of_works as
with numbers as (select *, unnest(list_distinct([piece_id, material_id])) as number from pieces)
select s.line, coalesce(n.piece_id, s.material_id, weighing_id) as piece_id, n.operation,
    coalesce(n.production_day, s.production_day) as production_day, weighed_at as made_at, s.mass_t,
    scrap_kind,
    case when scrap_kind like '%crop' then 'crop' when scrap_kind = 'scrapped piece' then 'scrapped'
        else scrap_kind end as account,
    case when n.number <> n.piece_id then n.account end as account_out,
    case s.production_day - n.production_day when 0 then 0 when 1 then 1 when -1 then 2 end as days_apart
from scrap s left join numbers n
    on n.line = s.line and n.number = s.material_id and abs(s.production_day - n.production_day) <= 1
qualify row_number() over (
    partition by weighing_id
    order by days_apart, abs(epoch_us(n.made_at) - epoch_us(weighed_at)), n.operation, n.piece_id, account_out
) = 1
"""

WORKS = """
create temp table works as
with entries as (
    select line, piece_id, operation, production_day, made_at, mass_t, account, true as is_out, made_of,
        material_id, order_id, shift, grade, thickness_mm, theoretical_t, head_crop_mass_t, tail_crop_mass_t
    from pieces
    union all by name
    select line, piece_id, operation, production_day, made_at, mass_t, account, scrap_kind, false as is_out
    from scrap_of_works
    union all by name
    select line, piece_id, operation, production_day, made_at, -mass_t as mass_t, account_out as account,
        scrap_kind, false as is_out
    from scrap_of_works where account = 'scrapped' and account_out is not null
), summed as (
    select line, piece_id, operation, production_day,
        coalesce(sum(mass_t) filter (account = 'prime'), 0) as prime_t,
        coalesce(sum(mass_t) filter (account = 'secondary'), 0) as secondary_t,
        coalesce(sum(mass_t) filter (account = 'ungraded'), 0) as ungraded_t,
        coalesce(sum(mass_t) filter (account = 'scrapped'), 0) as scrapped_t,
        coalesce(sum(mass_t) filter (account = 'cobble'), 0) as cobble_t,
        coalesce(sum(mass_t) filter (account in ('trim', 'sample')), 0) as trim_and_samples_t,
        coalesce(sum(mass_t) filter (scrap_kind = 'head crop'), sum(head_crop_mass_t), 0)
            + coalesce(sum(mass_t) filter (scrap_kind = 'tail crop'), sum(tail_crop_mass_t), 0) as crop_t,
        coalesce(max(made_at) filter (is_out), max(made_at)) as worked_at,
        count(*) filter (is_out and mass_t is null) > 0 as lacks_mass,
        coalesce(bool_or(scrap_kind in ('cobble', 'scrapped piece')), false) as is_lost,
        count(*) filter (is_out and (theoretical_t is null or mass_t is null)) = 0 as has_dimensions,
        sum(theoretical_t) filter (is_out) as theoretical_t,
        sum(mass_t) filter (is_out) as weighed_t,
        max({'mass': coalesce(mass_t, 0), 'at': made_at, 'material_id': material_id, 'made_of': made_of,
             'order_id': order_id, 'shift': shift, 'grade': grade, 'thickness_mm': thickness_mm})
            filter (is_out) as heaviest
    from entries group by all
)
select *, heaviest.made_of as made_of,
    prime_t + secondary_t + ungraded_t + crop_t + cobble_t + trim_and_samples_t + scrapped_t as came_t
from summed
"""

YIELDS = f"""
create temp table coil_yields as
with origins as (
    select piece_id, max(coil_t) as coil_t, max(slab_t) as slab_t, max(order_id) as order_id,
        max(grade) as grade, max(coil_id) as coil_id
    from (
        select coil_id as piece_id, mass_t as coil_t, null as slab_t, order_id, grade, coil_id from core_coils
        union all select slab_id, null, slab_mass_t, order_id, grade, null from core_coils
        union all select slab_id, null, mass_t, order_id, grade, null from slabs
        union all select piece_id, mass_t, null, order_id, grade, null from cuts where piece_id <> parent_id
    ) group by piece_id
), balanced as (
    select w.*, o.order_id as origin_order_id, o.grade as origin_grade,
        case when made_of = 'slab' then heaviest.material_id else o.coil_id end as coil_id,
        coalesce(
            case when made_of = 'slab' or (made_of is null and is_lost and coil_t is null) then slab_t end,
            case when coalesce(made_of = 'coil', is_lost) then coil_t end
        ) - coalesce(sum(came_t) over (same_work range between 1 preceding and 1 preceding), 0) as rest_t,
        count(*) over (same_work range between 1 following and 1 following) > 0 as goes_on
    from works w left join origins o using (piece_id)
    window same_work as (
        partition by line, piece_id, operation order by production_day - date '1970-01-01'
    )
), told as (
    select *, case when rest_t is null then null when goes_on then came_t else rest_t end as charged_mass_t,
        nullif(concat_ws('; ',
            case when made_of is null and not is_lost then '{NO_WORK}'
                when rest_t is null then '{NO_MASS_IN}' end,
            case when lacks_mass then '{NO_MASS_OUT}' end,
            case when ungraded_t <> 0 then '{NO_QUALITY}' end), '') as not_computable,
        not lacks_mass and (made_of is not null or is_lost) as is_told,
        case when is_told and ungraded_t = 0 then prime_t end as told_prime_t
    from balanced
), wound_again as (select distinct parent_id as coil_id from pieces where operation = 're-coiling')
select line, piece_id, operation, worked_at, production_day, coil_id,
    coalesce(heaviest.order_id, origin_order_id) as order_id, heaviest.shift as shift,
    coalesce(heaviest.grade, origin_grade) as grade, heaviest.thickness_mm as thickness_mm, charged_mass_t,
    case when is_told then prime_t + secondary_t + ungraded_t end as output_mass_t,
    prime_t as prime_mass_t,
    100 * output_mass_t / nullif(charged_mass_t, 0) as metallic_yield_pct,
    100 * told_prime_t / nullif(charged_mass_t, 0) as prime_yield_pct,
    100 * told_prime_t / nullif(came_t, 0) as prime_share_pct,
    case
        when operation = 're-coiling'
            or (operation = 'rolling' and coil_id in (select coil_id from wound_again))
            or secondary_t + cobble_t + scrapped_t > 0 then false
        when ungraded_t > 0 then null
        when prime_t > 0 then true
    end as is_first_pass,
    case when has_dimensions then theoretical_t end as theoretical_mass_t,
    case when has_dimensions then 100 * (weighed_t - theoretical_t) / nullif(theoretical_t, 0) end
        as theoretical_deviation_pct,
    not_computable
from told
"""
