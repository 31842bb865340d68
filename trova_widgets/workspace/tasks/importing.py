"""Records and events are taken in: from files, the teaching set, catalogues and data centres."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from trova_widgets.errors import RecordError
from trova_widgets.experiments import WorkerPool
from trova_widgets.identity import Identities
from trova_widgets.records import (
    Catalogue,
    DataCentre,
    RecordReader,
    Region,
    RequestPolicy,
    catalogue_file,
    known_centres,
    layout_of_table,
    path_of,
    sources,
)
from trova_widgets.records.archives.excerpts import LONGEST_RECORD_S
from trova_widgets.records.synthetics.events import TEACHING_SEED
from trova_widgets.records.synthetics.teaching import TEACHING_EVENTS
from trova_widgets.workspace import fetching, importing, teaching
from trova_widgets.workspace.changing import changing
from trova_widgets.workspace.event_register import remembered_events
from trova_widgets.workspace.export import import_workspace, is_export
from trova_widgets.workspace.import_report import ImportReport
from trova_widgets.workspace.naming import checked_class
from trova_widgets.workspace.paths import Paths, list_of_paths
from trova_widgets.workspace.progress import Progress, progress_bar
from trova_widgets.workspace.reading import read_files, reader_processes
from trova_widgets.workspace.tasks.base import WorkspaceBase


class ImportTasks(WorkspaceBase):
    """What records and events come by."""

    @changing
    def import_records(
        self,
        paths: Paths,
        catalog: str | Path | None = None,
        event_class: str | None = None,
        *,
        columns: Mapping[str, str] | None = None,
        stations: str | Path | None = None,
        workers: int | None = None,
        progress: Progress = progress_bar,
    ) -> ImportReport:
        """Take in seismograms with their events.

        Files that are there already add nothing; but a catalogue, a class or an inventory that comes with them is
        looked at, as in `attach_catalog`, and records that have no event yet are matched with the catalogue. Where no
        event of the catalogue fits, or there is none, those of catalogues that were attached before are tried.

        Parameters
        ----------
        paths : path or paths
            Files, folders (searched through), SDS archives or data sets of SeisBench; or the folder of an `export`,
            from which an empty workspace becomes the one that was exported.
        catalog : path, optional
            Events: QuakeML, CSV, or a bulletin.
        event_class : str, optional
            The class of every record, whatever its event's type; without it `event_type_classes` tells.
        columns : mapping of str to str, optional
            For a catalogue that is a table: which of its columns are meant, where `catalog_columns` guesses wrong,
            ``{"origin_time": "Date+Time", "latitude": "B"}`` for instance.
        stations : path, optional
            Where the stations stand: StationXML or another inventory, for seismograms that do not tell it themselves.
        workers : int, optional
            How many processes read a larger archive; one a core, if left out.
        progress : Progress
            Who watches.

        Returns
        -------
        ImportReport
            What came in, and what was left out and why.

        Raises
        ------
        RecordError
            When a path does not exist, or the catalogue or the inventory cannot be read.
        StoreError
            When the class is not named with lower-case letters, digits and underscores, or the disk is full.
        """
        if event_class is not None:
            checked_class(event_class, "The import")
        given = list_of_paths(paths)
        if len(given) == 1 and is_export(given[0]):
            return import_workspace(
                self.path, self._store, self._waveforms, self._runs, self._statistics, given[0], progress=progress
            )
        count = sum(1 for _ in sources(given))
        with reader_processes(count, workers) as pool:
            reader = RecordReader.open(
                catalog,
                event_class,
                # a file that has been lost is read again and so restored
                Identities(self._store.file_hashes() & self._waveforms.hashes()),
                columns=columns,
                stations=stations,
                class_mapping=self._event_types.mapping(),
                long_files=frozenset(self._store.long_files(LONGEST_RECORD_S)) if catalog is not None else frozenset(),
                remembered=remembered_events(self._store),
            )
            read = progress(read_files(reader, self._waveforms, sources(given), pool), "importing", count)
            return importing.store_records(
                self._store,
                self._waveforms,
                reader,
                read,
                author=self.author,
                files=map(path_of, sources(given)) if reader.judge.finder.rows else (),
            )

    @changing
    def import_teaching_set(
        self,
        events: int = TEACHING_EVENTS,
        *,
        seed: int = TEACHING_SEED,
        pool: WorkerPool | None = None,
        progress: Progress = progress_bar,
    ) -> ImportReport:
        """Take in the teaching set: seismograms of invented events, computed from physics.

        The first 190 events travel with Trova, the others are computed; what is there already is not made again.

        Parameters
        ----------
        events : int
            How many: earthquakes, quarry blasts and mine blasts in turn, three to six records each. A larger set
            starts with the smaller one.
        seed : int
            Another one gives other events of the same kind, which may stand beside these.
        pool : WorkerPool, optional
            Processes that make and read the events, and are left to whoever started them; if left out, one a core for
            as long as it takes, and none for a few events.
        progress : Progress
            Who watches.

        Returns
        -------
        ImportReport
            What came in.

        Raises
        ------
        RecordError
            When there cannot be so many events.
        """
        return teaching.import_teaching_set(
            self._store,
            self._waveforms,
            events,
            seed,
            class_mapping=self._event_types.mapping(),
            author=self.author,
            pool=pool,
            progress=progress,
        )

    @staticmethod
    def write_teaching_set(
        folder: str | Path,
        events: int = TEACHING_EVENTS,
        *,
        seed: int = TEACHING_SEED,
        progress: Progress = progress_bar,
    ) -> int:
        """Write the teaching set as files, for other tools or another archive; no workspace is needed.

        Parameters
        ----------
        folder : str or Path
            Gets ``waveforms/`` (miniSEED), ``catalog.xml`` (QuakeML) and ``stations.xml`` (StationXML).
        events, seed
            As of `import_teaching_set`, which gives the same records as an `import_records` of the folder.
        progress : Progress
            Who watches.

        Returns
        -------
        int
            How many events were written.

        Raises
        ------
        RecordError
            When there cannot be so many events, or the folder cannot be written to.
        """
        return teaching.write_teaching_set(Path(folder).expanduser(), events, seed, progress)

    @changing
    def attach_catalog(
        self,
        catalog: str | Path,
        *,
        columns: Mapping[str, str] | None = None,
        progress: Progress = progress_bar,
    ) -> ImportReport:
        """Match the records that are here with a catalogue: one that comes later, or a corrected one.

        A record without an event, or with one that its file made for itself, gets the event of the catalogue; out of a
        long record, events are cut. Events that no record shows are kept, and files that come later are matched with
        them. Values that the catalogue corrects, matches and classes that change are appended:
        what was said before stays in the history. What an analyst has said counts more than any catalogue.

        Parameters
        ----------
        catalog : path
            Events, as for `import_records`; a table may tie them to files by the names under which these came.
        columns : mapping of str to str, optional
            For a catalogue that is a table: which of its columns are meant.
        progress : Progress
            Who watches.

        Returns
        -------
        ImportReport
            What changed, which events no record shows, and what contradicts what was known.

        Raises
        ------
        RecordError
            When the catalogue cannot be read.
        """
        return importing.attach_catalog(
            self._store,
            self._waveforms,
            catalog=Path(catalog),
            columns=columns,
            class_mapping=self._event_types.mapping(),
            author=self.author,
            progress=progress,
        )

    @changing
    def fetch_records(
        self,
        address: str,
        *,
        catalog: str | Path | None = None,
        columns: Mapping[str, str] | None = None,
        region: Region | None = None,
        event_address: str | None = None,
        radius_km: float = 200.0,
        networks: str = "*",
        stations: str = "*",
        channels: Sequence[str] = fetching.CHANNELS,
        again: bool = False,
        policy: RequestPolicy | None = None,
        progress: Progress = progress_bar,
    ) -> ImportReport:
        """Fetch the seismograms of events from a data centre, through FDSN web services.

        Stopped at any moment and started again, it goes on with the events that are not done, and asks for no channel
        that was asked for before.

        Parameters
        ----------
        address : str
            The data centre: ``"https://geofon.gfz.de"``, or a name that ObsPy knows, ``"GFZ"``.
        catalog, columns : optional
            The events, as for `import_records`.
        region : Region, optional
            Where and when to ask a data centre for events, in place of a catalogue.
        event_address : str, optional
            The data centre that is asked for events; the same one, if left out.
        radius_km : float
            How far from the epicentre stations may be.
        networks, stations : str
            Their codes, comma-separated, with wildcards.
        channels : sequence of str
            Channel codes by preference, with wildcards: of each station the first kind that it has.
        again : bool
            Ask once more for what gave nothing before.
        policy : RequestPolicy, optional
            How often a second the centre is asked, and how often again when it does not answer.
        progress : Progress
            Who watches.

        Returns
        -------
        ImportReport
            What came in; ``already_there`` counts the events that were done before.

        Raises
        ------
        RecordError
            When there are neither a catalogue nor a region, or the centre gives no answer; what was fetched stays.
        """
        if (catalog is None) == (region is None):
            raise RecordError("Fetching needs a catalogue, or a region and a time to look for events in; give one.")
        if not radius_km > 0:
            raise RecordError(f"The radius is {radius_km:g} km; give how far from an event stations may be, 200 say.")
        centre = DataCentre(address, policy)
        if region is not None:
            known = Catalogue(events=tuple(DataCentre(event_address or address, policy).events(region)))
        else:
            known = catalogue_file(str(catalog), columns)
        selection = fetching.StationSelection(
            radius_km=radius_km, networks=networks, stations=stations, channels=tuple(channels)
        )
        report = fetching.fetch(
            self._store,
            self._waveforms,
            fetching.FetchJournal(self.path),
            centre,
            known.events,
            selection,
            class_mapping=self._event_types.mapping(),
            author=self.author,
            progress=progress,
            again=again,
        )
        return replace(report, rejections=(*known.rejections(str(catalog)), *report.rejections))

    data_centres = staticmethod(known_centres)
    catalog_columns = staticmethod(layout_of_table)
