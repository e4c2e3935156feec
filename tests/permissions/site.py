"""About the site itself."""

from tests.permissions import Row

ROWS = [
    #   anonymous, outsider, member, signer, program, manager, auditor, process owner, operator
    Row("about", "+++++++++", "........."),
    Row("components", "L++++++++"),
    Row("components_part", "L++++++++"),
    Row("seal_public_key", "L++++++++"),
]
