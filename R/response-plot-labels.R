# Long names, few and many visits in the pictures of responders: legends that are not cut, axes that do not run together.

# The columns that a legend below the picture has room for.
legend_columns <- function(labels, room = 76L) {
  if (!length(labels)) {
    return(1L)
  }
  widest <- max(nchar(unlist(strsplit(wrap_labels(labels, 60L), "\n")), "width"), 1L)
  max(1L, min(length(labels), room %/% (widest + 7L)))
}

gg_legend <- function(labels, ...) ggplot2::guide_legend(ncol = legend_columns(labels), ...)

# What is too long keeps its beginning and its end, by which patients differ.
short_labels <- function(x, width) {
  x <- as.character(x)
  long <- nchar(x, "width") > width
  last <- max(1L, ceiling((width - 3L) * 0.6))
  first <- max(1L, width - 3L - last)
  begins <- sub("^(.*\\S)\\s+\\S*$", "\\1", substr(x, 1L, first))
  ends <- sub("^\\S*\\s+(\\S.*)$", "\\1", substring(x, nchar(x) - last + 1L))
  short <- ifelse(long, paste0(begins, " ... ", ends), x)
  if (anyDuplicated(short[!duplicated(x)])) wrap_labels(x, width) else short
}

# Ticks at the visits where there are few, else where ggplot2 puts them; labels that would touch are left out.
gg_time_scale <- function(time, at, width = 14L) {
  visits <- sort(unique(at[!is.na(at)]))
  ggplot2::scale_x_continuous(
    breaks = if (!is.null(time$breaks)) time$breaks else if (length(visits) <= 9L) visits else ggplot2::waiver(),
    labels = if (!is.null(time$breaks)) wrap_labels(time$labels, width) else ggplot2::waiver(),
    guide = ggplot2::guide_axis(check.overlap = TRUE)
  )
}

# A patient without a class is a class of its own in the legend.
with_unknown <- function(class) {
  if (!anyNA(class)) {
    return(class)
  }
  out <- as.character(class)
  out[is.na(class)] <- "not known"
  factor(out, levels = c(levels(class), "not known"))
}

# One colour a class, the same whichever classes the patients drawn have.
class_palette <- function(class) c(class_colours(setdiff(levels(class), "not known")), "not known" = "#999999")

patients_words <- function(n) paste0(format_count(n), if (n == 1L) " patient" else " patients")
