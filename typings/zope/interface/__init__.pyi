from zope.interface.declarations import (
    Declaration as Declaration,
    Provides as Provides,
    alsoProvides as alsoProvides,
    classImplements as classImplements,
    classImplementsFirst as classImplementsFirst,
    classImplementsOnly as classImplementsOnly,
    directlyProvidedBy as directlyProvidedBy,
    directlyProvides as directlyProvides,
    implementedBy as implementedBy,
    implementer as implementer,
    implementer_only as implementer_only,
    moduleProvides as moduleProvides,
    named as named,
    noLongerProvides as noLongerProvides,
    providedBy as providedBy,
    provider as provider,
)
from zope.interface.exceptions import Invalid as Invalid
from zope.interface.interface import (
    Attribute as Attribute,
    Interface as Interface,
    interfacemethod as interfacemethod,
    invariant as invariant,
    taggedValue as taggedValue,
)
