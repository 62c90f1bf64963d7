from webtest.app import (
    AppError as AppError,
    TestApp as TestApp,
    TestRequest as TestRequest,
)
from webtest.forms import (
    Checkbox as Checkbox,
    Field as Field,
    Form as Form,
    Hidden as Hidden,
    Radio as Radio,
    Select as Select,
    Submit as Submit,
    Text as Text,
    Textarea as Textarea,
    Upload as Upload,
)
from webtest.response import TestResponse as TestResponse
