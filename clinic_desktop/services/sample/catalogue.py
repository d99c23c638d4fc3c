"""What the sample clinic sells and uses: services, goods, and the recalls that follow."""

from uuid import UUID

from clinic_desktop.domain.recalls import name_of, usual_types
from clinic_desktop.domain.usual_notes import usual_templates
from clinic_desktop.i18n import in_language
from clinic_desktop.services.installation import provision
from clinic_desktop.services.sample.clinic import CATEGORY_COLOUR, GOODS, price_list
from clinic_desktop.services.sample.people import Ids
from clinic_desktop.services.sample.store import Store


def store_price_list(store: Store, new: Ids) -> dict[str, UUID]:
    """Store services, goods and what each uses; return the services' ids by their codes."""
    services = price_list()
    ids = {service.code: new.new() for service in services}
    templates = {
        code: provision.template_id(store.clinic, one.code)
        for one in usual_templates("en")
        for code in one.procedures
    }
    store.copy(
        "treatment",
        ("id", "code", "name", "category", "area", "minutes", "price", "colour", "paint",
         "note_template_id"),
        (
            (ids[s.code], s.code, s.name, s.category, s.area, s.minutes, s.price,
             CATEGORY_COLOUR[s.category], s.paint, templates.get(s.code))
            for s in services
        ),
    )  # fmt: skip
    goods = {good.sku: new.new() for good in GOODS}
    store.copy(
        "product",
        ("id", "sku", "name", "unit", "reorder_level", "cost"),
        ((goods[g.sku], g.sku, g.name, g.unit, g.reorder, g.cost) for g in GOODS),
    )
    counted = [(goods[g.sku], g.left) for g in GOODS if g.left is not None]
    store.copy(
        "stock_movement",
        ("id", "product_id", "kind", "quantity", "reason"),
        ((new.new(), product, "count", left, "Yearly count") for product, left in counted),
    )
    store.copy("stock_balance", ("product_id", "quantity"), counted)
    store.copy(
        "treatment_material",
        ("id", "treatment_id", "product_id", "quantity"),
        (
            (new.new(), ids[s.code], goods[g.sku], 1)
            for g in GOODS
            for s in services
            if s.category in g.used_by
        ),
    )
    _store_recall_types(store, new, ids)
    return ids


def _store_recall_types(store: Store, new: Ids, treatments: dict[str, UUID]) -> None:
    types = usual_types()
    ids = {one.code: new.new() for one in types}
    with in_language("en"):
        store.copy(
            "recall_type",
            ("id", "code", "name", "every", "unit", "replaces_id", "under_age"),
            (
                (ids[one.code], one.code, name_of(one), one.interval.every,
                 one.interval.unit, ids.get(one.replaces), one.under_age)
                for one in types
            ),
        )  # fmt: skip
    store.copy(
        "recall_type_treatment",
        ("id", "recall_type_id", "treatment_id"),
        (
            (new.new(), ids[one.code], treatments[code])
            for one in types
            for code in one.completed_by
            if code in treatments
        ),
    )
