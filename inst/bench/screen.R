# The scan of markers and the screen against their peers, in one run. From anywhere: Rscript inst/bench/screen.R [markers]
# (100,000 markers by default: 3 GB of memory, about 3 minutes). plink2 is Debian's; without it its rows are left out.
file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
here <- if (length(file)) dirname(normalizePath(file)) else system.file("bench", package = "respondr")
source(file.path(here, "common.R"))
bench_library(character())
suppressPackageStartupMessages(library(respondr))
given <- suppressWarnings(as.integer(commandArgs(TRUE)))
markers <- if (length(given) && !is.na(given[1])) given[1] else 100000L
n <- 1000L
set.seed(1)

# Genotypes as plink reads them: two bits a patient, one marker after the other.
write_plink <- function(genotype, response, covariates, stem) {
  code <- c(3L, 2L, 0L)  # 0, 1, 2 copies of the counted allele
  con <- file(paste0(stem, ".bed"), "wb")
  on.exit(close(con))
  writeBin(as.raw(c(0x6c, 0x1b, 0x01)), con)
  for (from in seq(1L, ncol(genotype), 5000L)) {
    g <- genotype[, from:min(ncol(genotype), from + 4999L), drop = FALSE]
    bits <- matrix(code[g + 1L], nrow(g))
    quad <- seq(1L, nrow(g), 4L)
    writeBin(as.raw(bits[quad, ] + 4L * bits[quad + 1L, ] + 16L * bits[quad + 2L, ] + 64L * bits[quad + 3L, ]), con)
  }
  id <- seq_len(nrow(genotype))
  write.table(data.frame(1, paste0("rs", seq_len(ncol(genotype))), 0, seq_len(ncol(genotype)), "A", "G"), paste0(stem, ".bim"),
    quote = FALSE, row.names = FALSE, col.names = FALSE)
  write.table(data.frame(id, id, 0, 0, 1, response + 1L), paste0(stem, ".fam"), quote = FALSE, row.names = FALSE, col.names = FALSE)
  write.table(cbind("#FID" = id, IID = id, covariates), paste0(stem, ".cov"), quote = FALSE, row.names = FALSE)
}

frequency <- runif(markers, 0.05, 0.5)
genotype <- matrix(rbinom(n * markers, 2L, rep(frequency, each = n)), n, dimnames = list(NULL, paste0("rs", seq_len(markers))))
covariates <- data.frame(age = round(rnorm(n, 40, 12), 1), hb = round(rnorm(n, 8, 1.3), 2), dose = round(rnorm(n, 100, 20)))
d <- data.frame(covariates, response = rbinom(n, 1, plogis(-0.5 + 0.02 * (covariates$age - 40) + 0.2 * (covariates$hb - 8))))

cat("==", format(markers, big.mark = ","), "markers x", n, "patients x 3 covariates\n")
scan <- function(...) screen_predictors(response ~ age + hb + dose, d, markers = genotype, ...)
times <- list(ml_2 = seconds(scan(threads = 2), 2), ml_1 = seconds(scan(), 1),
  firth_2 = seconds(scan(threads = 2, method = "firth"), 1))
cat(sprintf("maximum likelihood %.1f us a model on two threads, %.1f on one; Firth %.1f on two\n", times$ml_2 / markers * 1e6,
  times$ml_1 / markers * 1e6, times$firth_2 / markers * 1e6))
record("scan, ML, one thread (peer: two threads)", times$ml_1, "this package, two threads", times$ml_2, 0.5)
if (nzchar(Sys.which("plink2"))) {
  stem <- tempfile("scan")
  write_plink(genotype, d$response, covariates, stem)
  plink <- function(words) {
    system2("plink2", c("--bfile", stem, "--glm", words, "hide-covar", "--covar", paste0(stem, ".cov"), "--covar-variance-standardize",
      "--threads", "2", "--out", stem), stdout = FALSE, stderr = FALSE)
  }
  peer_ml <- seconds(plink("no-firth"), 2)
  peer_rows <- read.table(list.files(dirname(stem), paste0(basename(stem), ".*glm.logistic$"), full.names = TRUE)[1], header = TRUE,
    comment.char = "", check.names = FALSE)
  ours <- scan(threads = 2)
  z <- abs(peer_rows$Z_STAT) - abs(ours$statistic)
  cat(sprintf("largest difference of |z| to plink2 (single precision): %.2g\n", max(abs(z), na.rm = TRUE)))
  stopifnot(max(abs(z), na.rm = TRUE) < 1e-3)
  record("scan, ML, two threads, file reading of the peer included", times$ml_2, "plink2 --glm no-firth", peer_ml, 1)
  peer_firth <- seconds(plink("firth"), 1)
  record("scan, Firth, two threads", times$firth_2, "plink2 --glm firth", peer_firth, 1)
}

cat("== a screen of eight predictors at n = 62 and what it is worth\n")
small <- data.frame(response = rep(1:0, c(41, 21)), replicate(8, rnorm(62)))
boot <- seconds(suppressWarnings(screen_predictors(response ~ ., small, select = 0.2, replicates = 2000, seed = 1)), 1)
cat(sprintf("2,000 bootstrap samples of the whole screen, eight predictors, n = 62: %.2f s\n", boot))
record("2,000 bootstrap validations of a screen, n = 62", boot, "goal: seconds", 5, 1)
bench_table()
