"""The addresses."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from bench.peers.drf.views import MovieViewSet, OrderViewSet, ScreeningViewSet

router = SimpleRouter(trailing_slash=False)
router.register("movies", MovieViewSet, basename="movie")
router.register("screenings", ScreeningViewSet, basename="screening")
router.register("orders", OrderViewSet, basename="order")

urlpatterns = [path("api/v1/", include(router.urls))]
