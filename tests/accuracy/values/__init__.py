"""Values of each entity, made valid by the formats that issuers publish, independently of the program's own checks."""
from values import africa_asia_pacific, americas, central_europe, contact, everywhere, western_europe

KINDS = [kind
         for module in (everywhere, contact, americas, western_europe, central_europe, africa_asia_pacific)
         for kind in module.KINDS]
BY_ENTITY = {kind.entity: kind for kind in KINDS}
