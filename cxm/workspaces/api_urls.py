"""The room's routes of the API."""

from cxm.workspaces.viewsets import AuditEntryViewSet, WorkspaceDetailViewSet

routes = [
    ("workspace", WorkspaceDetailViewSet, "workspace"),
    ("audit-entries", AuditEntryViewSet, "auditentry"),
]
