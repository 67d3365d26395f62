from django.apps import AppConfig


class LocalConfig(AppConfig):
    name = "cxm.local"
    label = "local"
