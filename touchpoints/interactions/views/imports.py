"""Files of contacts: upload, say what the columns mean, look, and let them be imported."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cxm.api.errors import DomainError
from cxm.workspaces.pages import MemberRequest, render_page, workspace_page
from touchpoints.interactions import services
from touchpoints.interactions.contact_forms import MappingForm, UploadForm
from touchpoints.interactions.models import FileImport
from touchpoints.interactions.uploading import SAMPLE, guess

LATEST: Final = 12


@require_http_methods(["GET", "POST"])
@workspace_page("interactions.add_fileimport")
def imports_page(request: MemberRequest) -> HttpResponse:
    """Upload a file; see what became of the files before."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            job = services.keep_file(
                workspace=request.workspace,
                name=upload.name or "",
                content=upload.read(),
                by=request.membership,
            )
        except DomainError as error:
            form.add_error("file", str(error.detail))
        else:
            return redirect(job)
    jobs = FileImport.objects.for_workspace(request.workspace).defer("content")
    return render_page(
        request,
        "interactions/contacts_imports.html",
        {"form": form, "jobs": jobs.select_related("asked_by__user")[:LATEST]},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
@workspace_page("interactions.add_fileimport")
def import_page(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Choose what the columns mean and see what would become of the first rows; then begin."""
    job = _job(request, pk)
    if job.stage == FileImport.Stage.STARTED:
        return render_page(request, "interactions/contacts_import_run.html", {"job": job})
    table = services.table_of(bytes(job.content))
    data = request.POST if request.method == "POST" else None
    form = MappingForm(data, table=table, workspace=request.workspace, initial=guess(table))
    preview = None
    if data is not None and form.is_valid():
        try:
            mapping = services.mapping_for(job, form.choices())
            if "begin" in data:
                services.start_import(job=job, mapping=mapping)
                return redirect(job)
            preview = services.preview_of(workspace=request.workspace, job=job, mapping=mapping)
        except DomainError as error:
            form.add_error(None, str(error.detail))
    return render_page(
        request,
        "interactions/contacts_import.html",
        {"job": job, "form": form, "table": table, "preview": preview, "sample": SAMPLE},
        status=422 if form.errors else 200,
    )


@require_GET
@workspace_page("interactions.add_fileimport")
def import_progress(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Send how far an import is."""
    return render(request, "interactions/_contacts_import_run.html", {"job": _job(request, pk)})


@require_POST
@workspace_page("interactions.add_fileimport")
def import_drop(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Throw away a file that was not begun."""
    job = _job(request, pk)
    if job.stage == FileImport.Stage.DRAFT:
        job.delete()
        messages.success(request, _("The file was thrown away; nothing of it was imported."))
    return redirect("contacts_imports")


def _job(request: MemberRequest, pk: UUID) -> FileImport:
    return get_object_or_404(FileImport.objects.for_workspace(request.workspace), pk=pk)
