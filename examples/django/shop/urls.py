"""Where things are."""

from django.urls import path

from shop import views

urlpatterns = [
    path("", views.index),
    path("me", views.me),
    path("orders", views.orders),
    path("orders/<int:number>", views.Order.as_view()),
]
