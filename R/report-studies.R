# The published studies in the demonstration: vignettes knitted to Markdown and put before the other parts of the report.
# tools/report.sh knits them in a second process while the first one knits the rest, and tells the folder in RESPONDR_STUDIES.

report_study_files <- c("study-thalidomide.Rmd", "study-chelation.Rmd", "study-myocardial-iron.Rmd")

report_studies_marker <- "<!-- respondr: the studies -->"

# sources: folder of the vignettes; folder: where studies.md and its pictures go, and at the end the status, 0 or 1.
report_knit_studies <- function(sources, folder) {
  files <- file.path(normalizePath(sources), report_study_files)
  folder <- normalizePath(folder)
  here <- setwd(folder)
  code <- "1"
  on.exit({
    setwd(here)
    writeLines(code, file.path(folder, "ending"))
    file.rename(file.path(folder, "ending"), file.path(folder, "status"))
  })
  pages <- lapply(files, function(file) {
    name <- sub("[.]Rmd$", "", basename(file))
    source <- file.path(folder, basename(file))
    writeLines(enc2utf8(report_study_source(readLines(file, encoding = "UTF-8"))), source, useBytes = TRUE)
    report_knit_page(source, file.path(folder, paste0(name, ".md")), file.path(folder, paste0(name, "-")))
  })
  writeLines(enc2utf8(unlist(pages)), file.path(folder, "studies.md"), useBytes = TRUE)
  code <- "0"
  invisible(file.path(folder, "studies.md"))
}

# A vignette as a part: its title becomes the heading, its YAML goes.
report_study_source <- function(lines) {
  fences <- which(lines == "---")
  header <- lines[fences[1]:fences[2]]
  title <- sub("^title: *\"?(.*?)\"?$", "\\1", grep("^title:", header, value = TRUE), perl = TRUE)
  c("", paste("#", title), "", lines[-seq_len(fences[2])])
}

# The code of an analysis is one click away, so that the page reads as a paper does.
report_knit_page <- function(source, output, figures) {
  old <- options(width = 80)
  saved <- list(knitr::opts_chunk$get(), knitr::opts_knit$get(), knitr::knit_hooks$get(), knitr::opts_hooks$get())
  on.exit({
    options(old)
    knitr::opts_chunk$restore(saved[[1]])
    knitr::opts_knit$restore(saved[[2]])
    knitr::knit_hooks$restore(saved[[3]])
    knitr::opts_hooks$restore(saved[[4]])
  })
  knitr::opts_knit$set(rmarkdown.pandoc.to = "html", progress = FALSE)
  knitr::render_markdown()
  knitr::opts_hooks$set(collapse = function(options) {
    options$collapse <- FALSE
    options
  })
  plain <- knitr::knit_hooks$get("source")
  knitr::knit_hooks$set(source = function(x, options) {
    paste0("\n\n<details><summary>R</summary>\n", plain(x, options), "\n</details>\n\n")
  })
  knitr::opts_chunk$set(fig.path = figures, fig.retina = 1, message = FALSE, error = FALSE)
  knitr::knit(source, output, envir = new.env(parent = globalenv()), quiet = TRUE)
  readLines(output, encoding = "UTF-8")
}

# Waits for the second process, whose last act is to write its status. Nothing where there is no such process.
report_studies <- function(folder = Sys.getenv("RESPONDR_STUDIES"), patience = 300) {
  if (!nzchar(folder)) {
    return(character())
  }
  status <- file.path(folder, "status")
  stop_at <- Sys.time() + patience
  while (!file.exists(status) && dir.exists(folder) && Sys.time() < stop_at) Sys.sleep(0.05)
  if (!file.exists(status) || !identical(readLines(status, n = 1L, warn = FALSE), "0")) {
    log <- file.path(folder, "log")
    stop_input("studies", c("The published studies could not be knitted.",
      if (file.exists(log)) utils::tail(readLines(log, warn = FALSE), 3L)), "args", NULL)
  }
  readLines(file.path(folder, "studies.md"), encoding = "UTF-8")
}

# knitr's last word on a document: the marker makes room for the studies. The parts before this were knitted meanwhile.
report_document_hook <- function(text) {
  if (!any(grepl(report_studies_marker, text, fixed = TRUE))) {
    return(text)
  }
  studies <- paste(report_studies(), collapse = "\n")
  parts <- strsplit(paste(text, collapse = "\n"), report_studies_marker, fixed = TRUE)[[1]]
  paste(c(parts[1], studies, parts[-1]), collapse = "\n")
}
